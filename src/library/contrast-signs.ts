import type { Signs } from './stage.js';

/** What contrastive losses watch: see `src/tensor/losses/info-nce.ts`. */
export const contrastSigns: Signs = {
  accuracy: { what: 'share of queries whose own key is the nearest' },
  positive: { what: 'mean cosine of a query with its own key' },
  negative: { what: 'mean cosine of a query with the other keys' },
};

/** What a queue is watched by: see `src/tensor/queue.ts`. */
export const queueSigns: Signs = {
  queue_filled: { what: 'share of the queue that holds keys' },
  queue_age: { what: 'steps since the oldest key was made' },
};
