package org.spiredoctor.registration;

import java.util.ArrayList;
import java.util.List;

/** What is wrong in one file, gathered while it is read. */
final class Problems {
  private final String file;
  private final List<Problem> all = new ArrayList<>();

  Problems(String file) {
    this.file = file;
  }

  void add(int line, String field, String text) {
    all.add(new Problem(origin(line), field, text));
  }

  Origin origin(int line) {
    return new Origin(file, line);
  }

  int count() {
    return all.size();
  }

  List<Problem> all() {
    return List.copyOf(all);
  }
}
