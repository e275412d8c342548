// Package seal holds the cryptography of content: data keys of cases wrapped by
// master keys, purpose keys derived from one root key, and signed receipts.
//
// It uses the standard library only: AES-256-GCM with random nonces, HKDF-SHA-256,
// HMAC-SHA-256 and ed25519. It stores nothing and knows no database; package
// store is the only one that seals and opens content.
//
// Compatible for ever: the form of wrapped keys (12 bytes nonce, 32 bytes key, 16
// bytes tag), of sealed values (nonce, ciphertext, tag), the HKDF labels and the
// signing bytes of a receipt.
package seal
