// What `npm run bundle` makes one file of: the program for machines without a checkout.
import { main } from '../main.ts';

// As in the checkout: whatever a tool leaves open does not keep the program.
void main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
