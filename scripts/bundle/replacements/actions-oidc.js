// @actions/core loads an HTTP client (and with it undici) for getIDToken alone, which no action here calls.
export const OidcClient = {
  getIDToken() {
    throw new Error('getIDToken is not part of this bundle');
  },
};
