import { expect, it } from 'vitest';
import { datedChangelog, withVersion } from '../scripts/release/release.ts';

it('dates the section of the version', () => {
  expect(datedChangelog('# Changelog\n\n## 1.2.0 - unreleased\n\n- x\n', '1.2.0', '2026-01-02')).toBe(
    '# Changelog\n\n## 1.2.0 - 2026-01-02\n\n- x\n',
  );
  expect(() => datedChangelog('## 1.1.0 - unreleased\n', '1.2.0', '2026-01-02')).toThrow('## 1.2.0 - unreleased');
});

it('changes the version of the package but not of dependencies', () => {
  const lock = '{"version": "1.0.0", "": {"version": "1.0.0"}, "dep": {"version": "1.0.0"}}';
  expect(withVersion(lock, '1.1.0', 2)).toBe(
    '{"version": "1.1.0", "": {"version": "1.1.0"}, "dep": {"version": "1.0.0"}}',
  );
});
