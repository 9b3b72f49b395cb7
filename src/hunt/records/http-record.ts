import type { HttpHead } from '../../packets/dissect/applications/http-head.ts';
import type { Moment } from '../moment.ts';
import { contentType } from './content-type.ts';
import type { Fields } from './record.ts';

export interface HttpRequest {
  readonly head: HttpHead;
  readonly version: string;
  /** The beginning of what it sends, and how much that is. */
  readonly body: string;
  readonly bodySize: number;
  readonly moment: Moment;
  /** Number of the request in its connection, from 1. */
  readonly depth: number;
}

export interface HttpAnswer {
  readonly head: HttpHead;
  readonly message: string;
  readonly size: number;
  /** The beginning of what it brings. */
  readonly shown: Uint8Array;
}

export function httpText(request: HttpRequest | undefined, answer: HttpAnswer | undefined): string {
  const asked = request === undefined ? '(request not seen)' : `${request.head.method} ${request.head.target}`;
  return `${asked} ${answer?.head.status ?? '(no answer)'}`;
}

export function requestFields({ head, version, body, bodySize, depth }: HttpRequest): Fields {
  const { fields, method, target } = head;
  const host = fields.get('host')?.replace(/:\d+$/, '');
  const path = () => target.split('?', 1)[0]!;
  return {
    trans_depth: depth,
    method,
    host,
    uri: target,
    url: () => (target.startsWith('/') ? `http://${host ?? ''}${target}` : target),
    uri_path: path,
    uri_extension: () => /\.([A-Za-z0-9]{1,10})$/.exec(path())?.[1],
    referrer: fields.get('referer'),
    version,
    user_agent: fields.get('user-agent'),
    cookie: fields.get('cookie'),
    request_body_len: bodySize,
    post_body: body === '' ? undefined : body,
    client_header_names: () => namesOf(fields),
  };
}

export function answerFields({ head, message, size, shown }: HttpAnswer): Fields {
  const { fields, status } = head;
  return {
    status_code: status,
    status_msg: message,
    response_body_len: size,
    server: fields.get('server'),
    location: fields.get('location'),
    server_header_names: () => namesOf(fields),
    resp_mime_types: () => {
      const kind = contentType(shown) ?? fields.get('content-type')?.split(';')[0];
      return kind === undefined ? undefined : [kind];
    },
  };
}

/** As Zeek writes them: in capitals. */
function namesOf(fields: ReadonlyMap<string, string>): string[] {
  return [...fields.keys()].map((name) => name.toUpperCase());
}
