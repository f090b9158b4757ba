package org.spiredoctor.registration;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.report.RegistrationText;
import org.spiredoctor.report.Style;

/** Registrations of any size, and the parts of their planning, each by itself. */
public final class GrowingPlan {
  private GrowingPlan() {}

  /**
   * The parts of the planning of so many entries.
   *
   * @return pieces of work by name, of which each may need those before it
   */
  public static Map<String, Runnable> parts(int n) {
    String file =
        IntStream.range(0, n)
            .mapToObj(
                i ->
                    """
                    {"spiffe_id": "spiffe://example.org/web-%1$d", "parent_id": "%2$s",
                     "selectors": [{"type": "k8s", "value": "ns:apps"},
                                   {"type": "k8s", "value": "sa:web-%1$d"}]}
                    """
                        .formatted(i, Given.ALIAS))
            .collect(Collectors.joining(",", "{\"entries\": [", "]}"));
    List<Declared> declared = RegistrationFile.read("web.json", file).entries();
    Planner planner = new Planner(declared, new EntryOwner("mine"), true);
    List<Entry> there = planner.against(List.of()).changes().stream().map(Change::entry).toList();
    List<Entry> others =
        IntStream.range(0, n)
            .mapToObj(
                i ->
                    Given.present(
                        "other-" + i, "spire-doctor:mine/web", "/web-" + i, "k8s:ns:other-" + i))
            .toList();
    Map<String, Runnable> parts = new LinkedHashMap<>();
    parts.put("file", () -> RegistrationFile.read("web.json", file));
    parts.put("nothing is there", () -> planner.against(List.of()));
    parts.put("all is there", () -> planner.against(there));
    parts.put("others are there", () -> planner.against(others));
    parts.put(
        "text",
        () ->
            RegistrationText.plan(
                planner.against(others), "server", new Style(false, true, 80), true));
    return parts;
  }
}
