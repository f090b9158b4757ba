package org.spiredoctor.diagnosis;

import static org.spiredoctor.diagnosis.ClusterScene.entry;

import java.util.List;
import org.spiredoctor.identity.Entry;

/** A second SPIRE, beside the one of each scene. */
abstract class SeveralInstallations {
  static final String SOCKET = "hostPath: {path: /run/other, type: Directory}";
  final OtherSpire other = new OtherSpire("spire-b", "spire", "b.example", "/run/other");

  static Entry grants(OtherSpire spire, String name) {
    return entry(
        name,
        spire.id("/" + name),
        spire.id("/spire-nodes"),
        "k8s:ns:apps",
        "k8s:pod-label:app:" + name);
  }

  static List<String> found(Report report) {
    return report.findings().stream()
        .map(r -> r.finding().id() + " " + r.finding().subject().name())
        .toList();
  }

  static String firstCommand(Report report) {
    return ((Remedy.EntryChange) report.findings().getFirst().finding().remedies().getFirst())
        .command();
  }
}
