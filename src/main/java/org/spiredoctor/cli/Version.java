package org.spiredoctor.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote down. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() throws IOException {
    return new String[] {"spire-doctor " + number()};
  }

  /** The number alone. */
  static String number() throws IOException {
    Properties build = new Properties();
    try (InputStream file = Version.class.getResourceAsStream("/spire-doctor.properties")) {
      if (file != null) {
        build.load(file);
      }
    }
    return build.getProperty("version", "unknown");
  }
}
