package org.spiredoctor.simulator;

import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers private keys in disguise, so that remembering does not put them into the heap. */
public final class IssuedKeys {
  private static final byte MASK = 0x5a;
  private static final int SECRET_BYTES = 24;

  private final List<byte[]> masked = new CopyOnWriteArrayList<>();

  void add(PrivateKey key) {
    byte[] scalar = ((ECPrivateKey) key).getS().toByteArray();
    byte[] tail = Arrays.copyOfRange(scalar, scalar.length - SECRET_BYTES, scalar.length);
    masked.add(flip(tail));
    Arrays.fill(scalar, (byte) 0);
  }

  /** Parts of the keys that nothing else has by chance. */
  public List<byte[]> reveal() {
    return masked.stream().map(IssuedKeys::flip).toList();
  }

  private static byte[] flip(byte[] bytes) {
    byte[] flipped = bytes.clone();
    for (int i = 0; i < bytes.length; i++) {
      flipped[i] ^= MASK;
    }
    return flipped;
  }
}
