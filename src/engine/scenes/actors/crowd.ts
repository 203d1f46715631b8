import type { Random } from '../../random.ts';
import type { Street } from '../street.ts';
export class Crowd {
  constructor(street: Street, random: Random) {
    void street;
    void random;
  }
  step(dt: number): void {
    void dt;
  }
}
