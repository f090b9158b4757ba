package org.spiredoctor.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/** Standard output or standard error, and whether who read it has gone, as {@code head} does. */
final class StandardStream extends PrintStream {
  private final Outlet outlet;

  private StandardStream(Outlet outlet, Charset charset) {
    super(outlet, true, charset);
    this.outlet = outlet;
  }

  static StandardStream of(FileDescriptor descriptor, Charset charset) {
    return new StandardStream(new Outlet(new FileOutputStream(descriptor)), charset);
  }

  /** Whether it ended in a pipe that nobody reads any more. */
  boolean readerIsGone() {
    return outlet.broken;
  }

  private static final class Outlet extends OutputStream {
    private final OutputStream out;
    private volatile boolean broken;

    private Outlet(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        out.write(bytes, from, length);
      } catch (IOException e) {
        // As strerror(3) says EPIPE.
        broken = "Broken pipe".equals(e.getMessage());
        throw e;
      }
    }
  }
}
