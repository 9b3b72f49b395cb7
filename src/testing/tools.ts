import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { checkout } from './files.ts';

/** Something a test needs and may not find: `describe.skipIf(need.missing)('against tcpdump ' + need.label, …)`. */
export interface Need {
  readonly missing: boolean;
  /** Belongs into the name of the test: by it the test run says why a test was skipped. */
  readonly label: string;
}

/**
 * A program of the system. In continuous integration (`CI=true`) every such program is installed, and a test that is
 * skipped for want of one counts as failed.
 *
 * @param debianPackage The package that brings it; `.ci/run` lists the same name.
 */
export function needs(tool: string, debianPackage: string = tool): Need {
  // Programs for root lie in directories that a user's path may leave out.
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return {
    missing: !directories.some((directory) => directory !== '' && isProgram(join(directory, tool))),
    label: `[needs ${tool} of ${debianPackage}]`,
  };
}

/** The rights of root, as they are in continuous integration. */
export function needsRoot(): Need {
  return { missing: process.getuid?.() !== 0, label: '[needs root]' };
}

/** Data beside the checkout that is not part of the project: `needsShared('corpus/filters')`. Its absence is never a failure. */
export function needsShared(path: string): Need & { readonly path: string } {
  const absolute = join(checkout, '../shared', path);
  return { path: absolute, missing: !existsSync(absolute), label: `[needs ../shared/${path}]` };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
