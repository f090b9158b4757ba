package org.spiredoctor.spire;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.util.Random;

/**
 * In a native image only: the JDK wants {@code /dev/urandom} before it opens the first Unix socket,
 * for the names of sockets that are bound to no path. None of ours is, and a root directory may be
 * empty.
 */
@TargetClass(className = "sun.nio.ch.UnixDomainSockets")
final class UnixDomainSocketsSubstitution {
  private UnixDomainSocketsSubstitution() {}

  @Substitute
  @SuppressWarnings("UnusedMethod") // the image builder puts it in the place of the JDK's
  private static Random getRandom() {
    return new Random();
  }
}
