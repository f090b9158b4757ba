package org.spiredoctor.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The page of each finding: what {@code explain} shows, and the documentation too. */
public final class Pages {
  private Pages() {}

  /** The page in Markdown. */
  public static Optional<String> of(String id) {
    try (InputStream page = Pages.class.getResourceAsStream("/findings/" + id + ".md")) {
      return page == null
          ? Optional.empty()
          : Optional.of(new String(page.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("reading the page of " + id, e);
    }
  }

  /** The first paragraph of a page: the finding in a sentence or two. */
  public static List<String> summary(String page) {
    return page.lines()
        .skip(1)
        .dropWhile(String::isBlank)
        .takeWhile(line -> !line.isBlank())
        .toList();
  }
}
