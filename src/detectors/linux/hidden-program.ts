import { defineDetector, notSeen } from '../../model/detector.ts';
import { FILE_KINDS, FILE_USES, fileViewOf } from './file-view.ts';
import { quoted } from './paths.ts';
import { isHidden, placeOfFile, standingInWords } from './places.ts';
import { shownFile } from './startups.ts';
import { isExecutable, unownedFiles } from './unowned-files.ts';

/** Listings pass over names with a dot. Tools keep theirs in home folders; a program that hides elsewhere has a reason. */
export const hiddenProgram = defineDetector({
  id: 'linux/hidden-program',
  title: 'Program under a hidden name',
  level: 'medium',
  status: 'experimental',
  attack: ['T1564.001'],
  needs: ['file', ...FILE_KINDS],
  uses: FILE_USES,
  judges: 'file',
  identity: ['the path'],
  falsePositives: ['Build tools and installers that keep their own files in a hidden folder.'],
  next: ['see who runs it: fuser -v FILE'],
  *detect(facts) {
    const view = fileViewOf(facts);
    for (const row of facts.each('file'))
      if (
        row.file.type === 'file' &&
        isExecutable(row) &&
        isHidden(row.file.path) &&
        view.originOf(row.file.path) === 'unknown'
      )
        yield notSeen(row, 'package of the file');
    for (const { row, path } of unownedFiles(view, facts.each('file'))) {
      const place = placeOfFile(view, path);
      if (!isExecutable(row) || !isHidden(path) || place === 'home') continue;
      yield {
        // Where everybody may write, everybody may hide a program of his own.
        level: place === 'open' && row.file.uid !== 0 ? 'low' : 'medium',
        message: `${path} can be run and has a hidden name; it ${standingInWords(place, 'unpackaged')}`,
        subject: { path },
        identity: [path],
        evidence: shownFile(view, path),
        next: [
          `see what it is and when it came: file ${quoted(path)}; stat ${quoted(path)}`,
          `see who runs it: fuser -v ${quoted(path)}`,
        ],
      };
    }
  },
});
