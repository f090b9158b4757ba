package org.spiredoctor.spire;

import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import java.util.Random;

/**
 * Whether a private key belongs to a certificate: what one signs, the other verifies. java-spiffe
 * compares their algorithms only.
 */
final class KeyCheck {
  private static final byte[] PROBE = "spire-doctor".getBytes(StandardCharsets.US_ASCII);

  private KeyCheck() {}

  /** What is wrong, or nothing. */
  static Optional<String> flaw(PrivateKey key, PublicKey certified) {
    try {
      return belongs(key, certified)
          ? Optional.empty()
          : Optional.of("its private key does not belong to its certificate");
    } catch (GeneralSecurityException e) {
      // Its text is not quoted: it is about the key.
      return Optional.of("its private key does not work with its certificate");
    }
  }

  private static boolean belongs(PrivateKey key, PublicKey certified)
      throws GeneralSecurityException {
    if (key instanceof RSAPrivateKey secret && certified instanceof RSAPublicKey known) {
      return secret.getModulus().equals(known.getModulus());
    }
    String algorithm =
        certified.getAlgorithm().equals("EC") ? "SHA256withECDSA" : certified.getAlgorithm();
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key, new Predictable());
    signing.update(PROBE);
    Signature verifying = Signature.getInstance(algorithm);
    verifying.initVerify(certified);
    verifying.update(PROBE);
    return verifying.verify(signing.sign());
  }

  /**
   * Not random at all. The signature is thrown away at once, so nothing can be learnt from it, and
   * an empty root directory has no {@code /dev/urandom}.
   */
  private static final class Predictable extends SecureRandom {
    @Serial private static final long serialVersionUID = 1;

    private final Random numbers = new Random(PROBE.length);

    Predictable() {
      super(new NoSpi(), null);
    }

    @Override
    public void nextBytes(byte[] bytes) {
      numbers.nextBytes(bytes);
    }
  }

  /** Never asked: {@link Predictable} answers before. */
  private static final class NoSpi extends SecureRandomSpi {
    @Serial private static final long serialVersionUID = 1;

    @Override
    protected void engineSetSeed(byte[] seed) {}

    @Override
    protected void engineNextBytes(byte[] bytes) {}

    @Override
    protected byte[] engineGenerateSeed(int bytes) {
      return new byte[bytes];
    }
  }
}
