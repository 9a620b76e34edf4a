import type { Texts } from './en'

const LOG_IN = 'cinnabar login, or another CINNABAR_TOKEN if that is set'

/** What to do about a gateway's refusal, where it is not what the gateway advises. Its sentence is the gateway's own. */
export const problemsEn: Texts['problem'] = {
  LOGIN_REQUIRED: { hint: LOG_IN },
  SESSION_INVALID: { hint: LOG_IN },
  SESSION_EXPIRED: { hint: LOG_IN },
  HTTP_401: { hint: LOG_IN },
  LOGIN_FAILED: { hint: 'check user name and password' },
  LOGIN_LIMITED: { hint: 'wait five minutes, then log in again' },
  PDF_EMPTY: { hint: 'the file may not have been written or downloaded completely' },
  PDF_NOT_PDF: { hint: 'save it as PDF first' },
  PDF_DAMAGED: { hint: 'make the PDF anew from its source; a repaired copy may differ from what you see' },
  PDF_ENCRYPTED: { hint: 'save it without a password first' },
  PDF_XFA: { hint: 'print the form to a plain PDF first' },
  PDF_SIGNING_FORBIDDEN: { hint: 'its first signer allowed no more seals: ask for a file that does' },
  PAGE_NOT_FOUND: { hint: 'pages count from 1: choose another --page' },
  SEAL_OFF_PAGE: { hint: 'choose smaller --x and --y, in mm from the top left corner, or leave them out' },
  SEAL_UNKNOWN: { hint: 'check the id of the seal: --seal ID' },
  SEAL_NOT_YOURS: { hint: 'use a seal of your own institution' },
  DOCUMENT_BUSY: { hint: 'wait until the other seal is done and try again' },
  INTERNAL: { hint: 'tell whoever runs the gateway' },
}
