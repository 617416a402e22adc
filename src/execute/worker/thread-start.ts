// Loaded by Node before anything else in each thread that a module starts.
import { tellTouches } from './observe-thread.js';

tellTouches();
