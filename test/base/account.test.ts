import { expect, it, vi } from 'vitest';

/** As in a container that is started with a number that its system does not know. */
vi.mock('node:os', async (original) => {
  const nobody = () => {
    throw new Error('A system error occurred: uv_os_get_passwd returned ENOENT');
  };
  return { ...(await original<typeof import('node:os')>()), userInfo: nobody, homedir: nobody };
});

const { accountName, homeFolder } = await import('../../src/base/account.js');
const { cacheFolder } = await import('../../src/runtime/locate.js');

it('takes the name of an account that the system does not know from the environment', () => {
  expect(accountName({ USER: 'ada', LOGNAME: 'grace' })).toBe('ada');
  expect(accountName({ USER: '', LOGNAME: 'grace' })).toBe('grace');
  expect(accountName({})).toBe(undefined);
});

it('says where an account has no home what to name instead', () => {
  expect(homeFolder()).toBe(undefined);
  expect(cacheFolder({ HOME: '/home/ada' })).toBe('/home/ada/.cache/ssp');
  expect(() => cacheFolder({})).toThrow(
    expect.objectContaining({ code: 'no-home', help: expect.stringContaining('SSP_CACHE') }),
  );
});
