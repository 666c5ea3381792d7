/** The outputs of block/ and of unblock/, before anything happened. */
export const NO_BLOCK = { block: '', changed: 'false', message: '' } as const;
