package org.spiredoctor.registration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.registration.RegistrationFile.Reading;

/** Registration files, and what is read of them. */
final class RegistrationFiles {
  static final Path FILES = Path.of("src/test/resources/registrations");
  static final String HEAD = "apiVersion: spiredoctor.org/v1\nkind: Registrations\n";

  /** The first entry begins in line 4, and its fields in line 6. */
  static final String WEB =
      HEAD
          + """
          entries:
            - spiffeID: spiffe://example.org/web
              selectors: [k8s:ns:apps]
          """;

  private RegistrationFiles() {}

  static String file(String name) {
    try {
      return Files.readString(FILES.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Reading read(String text) {
    return RegistrationFile.read("web.yaml", text);
  }

  static List<String> problems(String text) {
    return read(text).problems().stream().map(Problem::inWords).toList();
  }

  static Entry only(String text) {
    Reading reading = read(text);
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.entries()).hasSize(1);
    return reading.entries().getFirst().entry();
  }
}
