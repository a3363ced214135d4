import { expect, it } from 'vitest';
import { addressProblem } from './service-address.ts';

it.each(['http://127.0.0.1:8700', 'https://host/rewards/', 'http://[::1]:1'])('accepts %s', (address) => {
  expect(addressProblem(address)).toBeUndefined();
});

it.each([
  'https://me:hunter22@host',
  'https://hunter22@host',
  'https://host/?key=hunter22',
  'https://host/#hunter22',
  'hunter22',
])('refuses %s without quoting the secret', (address) => {
  expect(addressProblem(address)).toMatch(/^it /u);
  expect(addressProblem(address)).not.toContain('hunter22');
});
