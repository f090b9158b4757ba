package org.spiredoctor.diagnosis.rules.server;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** Which releases of SPIRE run where. */
final class Releases {
  private Releases() {}

  /** Of the servers, the oldest first, each with one that is of it. */
  static NavigableMap<Release, Component> servers(InstallationCase one) {
    NavigableMap<Release, Component> releases = new TreeMap<>();
    for (Component server : one.installation().servers()) {
      server
          .specimen()
          .flatMap(pod -> Release.of(server, pod))
          .ifPresent(release -> releases.putIfAbsent(release, server));
      server
          .pods()
          .forEach(pod -> Release.of(server, pod).ifPresent(r -> releases.putIfAbsent(r, server)));
    }
    return releases;
  }

  /** Of the agents, each with one that is of it. */
  static Map<Release, Component> agents(InstallationCase one) {
    Map<Release, Component> releases = new TreeMap<>();
    for (Component agents : one.installation().agents()) {
      for (Pod pod : agents.pods()) {
        // What the server lists may be of an earlier life: an agent that was set back keeps it.
        Release.of(agents, pod)
            .or(() -> listed(one.attestedOn(pod.node())))
            .ifPresent(release -> releases.putIfAbsent(release, agents));
      }
    }
    return releases;
  }

  private static Optional<Release> listed(List<Agent> agents) {
    return agents.size() == 1
        ? agents.getFirst().version().flatMap(Release::parse)
        : Optional.empty();
  }

  /** Gives a component another release. */
  static Stream<Remedy> change(Component component, Release to, String summary) {
    String image = component.spire().map(Container::image).orElse("");
    int colon = image.lastIndexOf(':');
    if (image.contains("@") || colon <= image.lastIndexOf('/')) {
      return Stream.of(new Remedy.Advice(summary + ", by the image that you give it: " + to));
    }
    return component.owner().stream()
        .map(
            owner ->
                new Remedy.Command(
                    summary,
                    Kubectl.setImage(
                        owner, component.container(), image.substring(0, colon + 1) + to)));
  }
}
