package org.spiredoctor.bench;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What was measured of all contestants.
 *
 * @param title what it is
 * @param column the same in short, for the summary
 * @param unit of the numbers
 * @param lines one for each way that a contestant was run
 */
record Table(String title, String column, Unit unit, List<Line> lines) {

  /** The first line of a contestant that has values: what the summary shows. */
  Optional<Line> of(String contestant) {
    return lines.stream()
        .filter(line -> line.contestant().equals(contestant) && !line.samples().isEmpty())
        .findFirst();
  }

  String markdown() {
    boolean spread = lines.stream().anyMatch(line -> line.samples().count() > 1);
    return "### "
        + title
        + ", "
        + unit.symbol()
        + "\n\n"
        + (spread
            ? """
              | contestant | run as | runs | median | middle half | min to max | to native |
              | --- | --- | ---: | ---: | ---: | ---: | ---: |
              """
            : """
              | contestant | of | value | to native |
              | --- | --- | ---: | ---: |
              """)
        + lines.stream()
            .map(line -> spread ? withSpread(line) : withoutSpread(line))
            .collect(Collectors.joining());
  }

  private String withoutSpread(Line line) {
    String value = line.samples().isEmpty() ? "–" : Unit.number(line.samples().median());
    return "| %s | %s | %s | %s |\n"
        .formatted(line.contestant(), line.how(), value, ratio(line).orElse("–"));
  }

  private String withSpread(Line line) {
    Samples samples = line.samples();
    String numbers =
        samples.isEmpty()
            ? "– | – | – | –"
            : "%s | %s to %s | %s to %s | %s"
                .formatted(
                    Unit.number(samples.median()),
                    Unit.number(samples.quantile(0.25)),
                    Unit.number(samples.quantile(0.75)),
                    Unit.number(samples.min()),
                    Unit.number(samples.max()),
                    ratio(line).orElse("–"));
    String failed = line.failures().isEmpty() ? "" : " (" + line.failures().size() + " failed)";
    return "| %s | %s | %d%s | %s |\n"
        .formatted(line.contestant(), line.how(), samples.count(), failed, numbers);
  }

  /** Absent when there is nothing to compare with. */
  Optional<String> ratio(Line line) {
    return of(Contestants.BASE)
        .filter(_ -> !line.samples().isEmpty())
        .map(base -> Unit.number(line.samples().median() / base.samples().median()) + "×");
  }
}
