/** RFC 9110, 9; the beginnings of requests and answers, and of HTTP/2. */
export const HTTP_WORDS = [
  'GET ', 'POST ', 'HEAD ', 'PUT ', 'DELETE ', 'OPTIONS ', 'TRACE ', 'CONNECT ', 'PATCH ', 'HTTP/1.', 'HTTP/2', 'PRI * HTTP/2',
  'PROPFIND ', 'REPORT ', 'SEARCH ',
]; // prettier-ignore

/** RFC 3261, 7.1, and the methods of its extensions */
export const SIP_WORDS = [
  'INVITE ', 'REGISTER', 'ACK ', 'BYE ', 'CANCEL ', 'OPTIONS ', 'SIP/2.0 ', 'SUBSCRIB', 'NOTIFY ', 'MESSAGE ', 'REFER ', 'INFO ', 'PRACK ',
  'UPDATE ', 'PUBLISH ',
]; // prettier-ignore

/** RFC 5321, 4.1, and first digits of answers */
export const SMTP_WORDS = [
  'EHLO', 'HELO', 'MAIL', 'RCPT', 'DATA', 'QUIT', 'RSET', 'NOOP', 'VRFY', 'EXPN', 'AUTH', 'STARTTLS', '220 ', '220-', '221 ', '235 ', '250 ',
  '250-', '354 ', '421 ', '450 ', '451 ', '454 ', '500 ', '501 ', '530 ', '535 ', '550 ', '554 ', 'ehlo', 'helo', 'mail',
]; // prettier-ignore

/** RFC 959, 4.1 and 4.2 */
export const FTP_WORDS = [
  'USER', 'PASS', 'RETR', 'STOR', 'LIST', 'PORT', 'PASV', 'EPSV', 'EPRT', 'CWD ', 'DELE', 'TYPE', 'QUIT', 'SYST', 'AUTH', 'SITE', 'MKD ', 'RNFR',
  '220 ', '220-', '230 ', '331 ', '530 ', '227 ', '226 ', '150 ', '425 ', '550 ', '221 ',
]; // prettier-ignore

/** POP3, IMAP, IRC, Redis, memcached, RTSP, VNC and others that open with a word */
export const OTHER_WORDS = [
  '+OK', '-ERR', 'APOP', 'STAT', '* OK', '* BYE', 'NICK ', 'JOIN ', 'PRIVMSG', 'PING', '+PONG', '*1\r\n', '*2\r\n', '*3\r\n', 'INFO', 'stats',
  'get ', 'set ', 'DESCRIBE', 'SETUP ', 'PLAY ', 'RTSP/1.0', 'RFB 00', 'JRMI', 'AMQP', 'SSH-', '<?xml', '<stream', '@RSYNCD', 'CONNECT\n',
  'SUBSCRIB', 'JDWP-Handshake', '{"', '8=FIX',
]; // prettier-ignore

/** RFC 1939 and RFC 9051 */
export const MAILBOX_WORDS = [
  '+OK', '-ERR', 'USER', 'PASS', 'APOP', 'STAT', 'LIST', 'RETR', 'DELE', 'QUIT', 'CAPA', 'STLS', 'AUTH', '* OK', '* BYE', '* CAPABILITY', '+ ',
]; // prettier-ignore

/** RFC 3977 */
export const NEWS_WORDS = [
  'GROUP', 'ARTICLE', 'HEAD', 'BODY', 'LIST', 'POST', 'MODE', 'NEWNEWS', 'QUIT', 'AUTHINFO', '200 ', '201 ', '211 ', '220 ', '222 ', '411 ',
]; // prettier-ignore

/** The four letters that its administrators send. */
export const ZOOKEEPER_WORDS = [
  'ruok', 'imok', 'stat', 'mntr', 'conf', 'cons', 'dump', 'envi', 'srvr', 'wchs', 'wchc', 'wchp', 'isro', 'kill', 'crst', 'srst',
]; // prettier-ignore
