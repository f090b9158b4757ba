package org.spiredoctor.kube;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Properties;

/** What this program calls itself where it asks. */
public final class UserAgent {
  private UserAgent() {}

  /** As kubectl does it, so that a flow schema or an audit can tell who asks. */
  static String name() {
    return "spire-doctor/"
        + version()
        + " ("
        + System.getProperty("os.name", "").toLowerCase(Locale.ROOT)
        + "/"
        + System.getProperty("os.arch", "")
        + ")";
  }

  /** The version that the build wrote down. */
  public static String version() {
    Properties build = new Properties();
    try (InputStream file = UserAgent.class.getResourceAsStream("/spire-doctor.properties")) {
      if (file != null) {
        build.load(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return build.getProperty("version", "unknown");
  }
}
