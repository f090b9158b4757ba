package org.spiredoctor.run.gotest;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.spiredoctor.run.gotest.TestResults.Status;

/** The report that continuous integration reads, as Ant's JUnit task began it. */
public final class JUnitXml {
  private static final String HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

  private final StringBuilder xml = new StringBuilder(HEAD);
  private final String suite;
  private final TestResults results;
  private final int exitCode;

  private JUnitXml(String suite, TestResults results, int exitCode) {
    this.suite = suite;
    this.results = results;
    this.exitCode = exitCode;
  }

  /**
   * The whole document. What did not end is an error, and so is an end of the program that no
   * failed test accounts for; it is reported as a test of its own.
   *
   * @param suite whose tests they are: of the class names, too, for Go's tests have none
   * @param started when they were
   * @param exitCode of the program
   */
  public static String render(String suite, Instant started, TestResults results, int exitCode) {
    return new JUnitXml(suite, results, exitCode).render(started);
  }

  /**
   * The document of a run whose tests could not end by themselves.
   *
   * @param stage that failed
   * @param why in a sentence; untrusted
   */
  public static String broken(
      String suite, Instant started, TestResults results, String stage, String why) {
    TestResults.Test failed =
        new TestResults.Test("(" + stage + ")", Status.UNFINISHED, Duration.ZERO, List.of(why));
    List<TestResults.Test> all =
        Stream.concat(results.tests().stream(), Stream.of(failed)).toList();
    return render(suite, started, new TestResults(all, results.outside(), results.verdict()), 125);
  }

  private String render(Instant started) {
    boolean unexplained = isUnexplained();
    xml.append("<testsuites").append(counts(unexplained)).append(">\n");
    xml.append("  <testsuite").append(counts(unexplained));
    attribute("timestamp", started.truncatedTo(ChronoUnit.SECONDS).toString());
    xml.append(">\n    <properties>\n");
    property("exitCode", String.valueOf(exitCode));
    property("verdict", results.verdict());
    xml.append("    </properties>\n");
    results.tests().forEach(this::test);
    if (unexplained) {
      end();
    }
    text("    ", "system-out", results.outside());
    return xml.append("  </testsuite>\n</testsuites>\n").toString();
  }

  /** Whether the program ended badly, and not for a test that is reported. */
  private boolean isUnexplained() {
    return (results.crashed() && results.outside().contains(results.verdict()))
        || (exitCode != 0 && results.failures().isEmpty());
  }

  private String counts(boolean unexplained) {
    int more = unexplained ? 1 : 0;
    return " name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\" time=\"%s\""
        .formatted(
            XmlText.escaped(suite),
            results.tests().size() + more,
            results.count(Status.FAILED),
            results.count(Status.UNFINISHED) + more,
            results.count(Status.SKIPPED),
            seconds(results.duration()));
  }

  private void test(TestResults.Test test) {
    begin(test.name(), test.duration());
    switch (test.status()) {
      case FAILED -> problem("failure", said(test.output(), "failed"), test.output());
      case UNFINISHED -> problem("error", said(test.output(), "it did not end"), test.output());
      case SKIPPED -> {
        xml.append("      <skipped");
        attribute("message", said(test.output(), "skipped"));
        xml.append("/>\n");
      }
      case PASSED -> {
        // Nothing more is said of it.
      }
    }
    text("      ", "system-out", test.output());
    xml.append("    </testcase>\n");
  }

  private void end() {
    begin("(end of the program)", Duration.ZERO);
    String message =
        results.crashed() ? results.verdict() : "it ended with the exit code " + exitCode;
    problem("error", message, results.outside());
    xml.append("    </testcase>\n");
  }

  private void begin(String name, Duration duration) {
    xml.append("    <testcase");
    attribute("classname", suite);
    attribute("name", name);
    attribute("time", seconds(duration));
    xml.append(">\n");
  }

  private void problem(String kind, String message, List<String> lines) {
    xml.append("      <").append(kind);
    attribute("message", message);
    xml.append('>');
    lines.forEach(line -> xml.append(XmlText.escaped(line)).append('\n'));
    xml.append("</").append(kind).append(">\n");
  }

  private void property(String name, String value) {
    xml.append("      <property");
    attribute("name", name);
    attribute("value", value);
    xml.append("/>\n");
  }

  private void text(String indent, String element, List<String> lines) {
    if (!lines.isEmpty()) {
      xml.append(indent).append('<').append(element).append('>');
      lines.forEach(line -> xml.append(XmlText.escaped(line)).append('\n'));
      xml.append("</").append(element).append(">\n");
    }
  }

  private void attribute(String name, String value) {
    xml.append(' ').append(name).append("=\"").append(XmlText.escaped(value)).append('"');
  }

  /** The first line that says something. */
  private static String said(List<String> output, String otherwise) {
    return output.stream()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .findFirst()
        .orElse(otherwise);
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.3f", duration.toMillis() / 1000.0);
  }
}
