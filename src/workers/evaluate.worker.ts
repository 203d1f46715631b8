/** Figures over many frames, away from the page: ranking a million scores takes a while. */
import * as Comlink from 'comlink';
import { evaluate } from '../engine/evaluation/evaluate.ts';
import { answering } from './outcome.ts';

const api = { evaluate };

export type EvaluateApi = typeof api;

Comlink.expose(answering(api));
