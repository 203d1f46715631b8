/** `npm start`: serves what was built and says where. */
import { join } from 'node:path';
import { serve } from './serve.ts';

const { address } = await serve(join(import.meta.dirname, '../../dist'), { port: 4173 });
console.log(`Weaklens is at ${address} (Ctrl C ends it).`);
