/** Ports and numbers of messages. @see 3GPP TS 29.060, 7.1; TS 29.274, 6.1; TS 29.281, 6.1; TS 29.244, 7.3 */
export const CONTROL_PORT = 2123;
export const USER_PORT = 2152;
export const CHARGING_PORT = 3386;
export const PFCP_PORT = 8805;

export const ECHO_REQUEST = 1;
export const ECHO_RESPONSE = 2;
export const ERROR_INDICATION = 26;
export const USER_PACKET = 255;

/** Of version 1: contexts. */
export const CREATE_1 = 16;
export const DELETE_1 = 20;
/** Of version 2: sessions. */
export const CREATE_2 = 32;
export const DELETE_2 = 36;
