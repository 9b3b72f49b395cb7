import { expect, it } from 'vitest';
import { bytesOf } from '../../testing/talking.ts';
import { contentType } from './content-type.ts';

it.each([
  ['\x7fELF\x02\x01\x01', 'application/x-elf'],
  ['MZ\x90\0', 'application/x-dosexec'],
  ['PK\x03\x04', 'application/zip'],
  ['\x1f\x8b\x08', 'application/gzip'],
  ['#!/bin/sh', 'text/x-shellscript'],
  ['<html>', undefined],
  ['\x7fEL', undefined],
  ['', undefined],
])('names %j', (text, kind) => {
  expect(contentType(bytesOf(text))).toBe(kind);
});
