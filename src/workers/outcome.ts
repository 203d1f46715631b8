/**
 * How a worker answers: with a value, or with a failure as plain data. comlink carries thrown errors over as a name and
 * a message; what a {@link Failure} knows beyond that would be lost.
 */
import { Failure, type FailureReport } from '../engine/failure.ts';

export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: FailureReport };

/** A worker's methods as its client sees them. */
export type Answering<Api> = {
  [K in keyof Api]: Api[K] extends (...args: infer A) => infer R
    ? (...args: A) => Promise<Outcome<Awaited<R>>>
    : never;
};

/** Wraps every method of `api` so that it answers with an outcome. */
export function answering<Api extends object>(api: Api): Answering<Api> {
  const wrapped: Record<string, unknown> = {};
  for (const [name, method] of Object.entries(api)) {
    wrapped[name] = async (...args: unknown[]) => {
      try {
        return { ok: true, value: await (method as (...args: unknown[]) => unknown)(...args) };
      } catch (error) {
        const failure = Failure.from(error);
        if (failure.code === 'bug') console.error(error);
        return { ok: false, failure: failure.toReport() };
      }
    };
  }
  return wrapped as Answering<Api>;
}

/** @throws the failure of an outcome */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Failure(outcome.failure);
}
