package org.spiredoctor.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the names in a page's commands stand for; each reader has others. */
public final class PageNames {
  private static final List<Map.Entry<String, String>> MEANINGS =
      List.of(
          Map.entry("NS", "namespace of the workload"),
          Map.entry("POD", "its pod"),
          Map.entry("CONTAINER", "a container of the pod"),
          Map.entry("NODE", "the node of the pod"),
          Map.entry("SPIRE_NS", "namespace of SPIRE; spire-doctor check -v names it"),
          Map.entry("SERVER_POD", "pod of the SPIRE server, of kubectl get pods -n $SPIRE_NS"),
          Map.entry("AGENT_POD", "pod of the agent on the node, of the same with -o wide"),
          Map.entry("TRUST_DOMAIN", "trust domain, such as example.org"),
          Map.entry("ENTRY_ID", "id of an entry, of spire-server entry show"));

  private PageNames() {}

  /** A last part for a page whose commands have such names. */
  public static Optional<String> of(String page) {
    String lines =
        MEANINGS.stream()
            .filter(one -> page.matches("(?s).*\\$" + one.getKey() + "\\b(?!_).*"))
            .map(one -> String.format("%-13s %s%n", one.getKey(), one.getValue()))
            .collect(Collectors.joining());
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "\n## Names in the commands\nSet them first, to yours:\n```text\n" + lines + "```\n");
  }
}
