/**
 * The checks that the bin makes before it loads the program. This file imports nothing, so that an older Node can load
 * it.
 */

const MIN_NODE = 24;

/** Returns the problem as one sentence if this Node is too old, otherwise undefined. */
export function nodeProblem(version: string): string | undefined {
  if (Number.parseInt(version, 10) >= MIN_NODE) return undefined;
  return `globe needs Node ${MIN_NODE} or later but runs on Node ${version}: install Node ${MIN_NODE} from https://nodejs.org and run the command again.`;
}

/**
 * Returns the folder in which the user typed `npm run globe`. npm runs scripts in the package's own folder, so the
 * user's relative paths would name other files. Returns undefined for other scripts, such as `npm start`, which writes
 * into the package.
 */
export function callerFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const isOwnScript = env['npm_lifecycle_event'] === 'globe' && env['npm_package_name'] === 'globe-geolocation';
  return isOwnScript ? env['INIT_CWD'] : undefined;
}
