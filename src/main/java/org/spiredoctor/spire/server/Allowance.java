package org.spiredoctor.spire.server;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * How much of a stream may be read until it is renewed. A parser that builds a tree of one item
 * holds many times the item's size, so that an item of which there is no end would take all memory.
 */
final class Allowance extends FilterInputStream {
  private long left = Long.MAX_VALUE;

  Allowance(InputStream in) {
    super(in);
  }

  void renew(long bytes) {
    left = bytes;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (left <= 0) {
      throw new IOException("one item of the list is larger than any that SPIRE keeps");
    }
    int n = in.read(into, offset, length);
    left -= Math.max(0, n);
    return n;
  }
}
