import { generate } from 'selfsigned';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A certificate for an address that is its own authority. */
export const createCertificate = async (address = '127.0.0.1'): Promise<Certificate> => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'rollkey sandbox' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: address },
          { type: 2, value: 'localhost' },
        ],
      },
    ],
  });
  return { key, cert };
};
