/**
 * Which videos are of one camera or scene, guessed from their names, and a split that keeps them on one side: a head
 * that has seen a place in training knows its background, and its figures over that place are too good.
 */
import type { Part } from '../types.ts';

/** A camera or scene that stands on both sides of the split. */
export interface SharedCamera {
  camera: string;
  /** Names of its videos. */
  train: string[];
  test: string[];
}

interface Placed {
  name: string;
  part: Part;
}

/** What names say of where a video was taken, likeliest first. */
const PATTERNS: readonly RegExp[] = [
  /^(.+?)__#/, // XD-Violence: film__#00-01-45_00-02-50_label_A
  /((?:scene|camera|cam|view|gate)[-_ ]?\d+)(?!\d)/i, // UBnormal: normal_scene_1_scenario_3; gate2, cam 7
  /^(\d{1,3}|[a-z]+\d{1,3})[-_ ]+[\d\-_ .:]+$/i, // ShanghaiTech: 01_0014; NWPU Campus: D001_03
];

/** What files of one video add to its name. */
const ENDINGS = /(\.(mp4|mov|mkv|webm|avi|npy|npz|json|h5|mat|pt)|_x264|__\d)+$/i;

/** The camera or scene that a video's name tells of, in lower case; null where it tells of none. */
export function cameraOf(name: string): string | null {
  const plain = name.replace(/^.*[/\\]/, '').replace(ENDINGS, '');
  for (const pattern of PATTERNS) {
    const found = pattern.exec(plain)?.[1];
    if (found) return found.toLowerCase().replace(/[-_ ]+/g, ' ');
  }
  return null;
}

/** The cameras that stand on both sides, by name. */
export function sharedCameras(videos: readonly Placed[]): SharedCamera[] {
  return [...byCamera(videos)]
    .map(([camera, own]) => ({
      camera,
      train: own.filter(({ part }) => part === 'train').map(({ name }) => name),
      test: own.filter(({ part }) => part === 'test').map(({ name }) => name),
    }))
    .filter(({ train, test }) => train.length > 0 && test.length > 0)
    .sort((a, b) => a.camera.localeCompare(b.camera, 'en', { numeric: true }));
}

/**
 * A split in which every camera stands on one side: about as many videos in the test part as there are now, from the
 * cameras that have most of their videos there already. Videos of no known camera stay where they are.
 * @returns the videos that change sides, with the side they go to; null where there are not two cameras to part
 */
export function splitByCamera<T extends Placed>(videos: readonly T[]): { video: T; part: Part }[] | null {
  const cameras = [...byCamera(videos)]
    .map(([camera, own]) => ({ camera, own, tested: own.filter(({ part }) => part === 'test').length }))
    .sort(
      (a, b) => b.tested / b.own.length - a.tested / a.own.length || a.camera.localeCompare(b.camera, 'en'),
    );
  if (cameras.length < 2) return null;
  const wanted = cameras.reduce((sum, { tested }) => sum + tested, 0);
  const test = new Set<string>();
  let count = 0;
  for (const { camera, own } of cameras) {
    // One camera at least on either side; further ones as long as they bring the count nearer to what it was.
    const isNearer = Math.abs(count + own.length - wanted) < Math.abs(count - wanted);
    if (test.size > 0 && (test.size === cameras.length - 1 || !isNearer)) continue;
    test.add(camera);
    count += own.length;
  }
  return cameras.flatMap(({ camera, own }) => {
    const part = test.has(camera) ? 'test' : 'train';
    return own.filter((video) => video.part !== part).map((video) => ({ video, part }));
  });
}

function byCamera<T extends Placed>(videos: readonly T[]): Map<string, T[]> {
  const cameras = new Map<string, T[]>();
  for (const video of videos) {
    const camera = cameraOf(video.name);
    if (camera !== null) cameras.set(camera, [...(cameras.get(camera) ?? []), video]);
  }
  return cameras;
}
