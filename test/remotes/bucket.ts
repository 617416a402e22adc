import { pythonWith } from '../support/python-with.js';
import { freePort, served } from './server.js';

/** A bucket `lab` of moto's server, and the variables that reach it. */
export async function bucket() {
  const python = pythonWith(['moto[s3,server]==5.2.5'], 'PYTHON_MOTO');
  const port = await freePort();
  await served(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], port);
  const endpoint = `http://127.0.0.1:${port}`;
  await fetch(`${endpoint}/lab`, { method: 'PUT' });
  const env = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'anna',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
  return { endpoint, env };
}
