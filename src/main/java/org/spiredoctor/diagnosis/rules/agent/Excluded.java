package org.spiredoctor.diagnosis.rules.agent;

import java.util.List;
import org.spiredoctor.diagnosis.Finding.Quote;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Remedy;

/** The required node affinity excludes the node. */
record Excluded(String affinity) implements Absence {
  @Override
  public boolean byDesign() {
    return true;
  }

  @Override
  public String inWords(NodePods which) {
    return ": the node affinity of " + which.name() + " excludes it";
  }

  @Override
  public List<Quote> quotes(NodePods which) {
    return List.of(new Quote("node affinity of " + which.name(), affinity));
  }

  @Override
  public List<Remedy> remedies(NodePods which, String node) {
    return which.owner().stream()
        .<Remedy>map(
            owner ->
                new Remedy.Command(
                    "Let " + which.name() + " run on every node",
                    Kubectl.patch(
                        owner,
                        "[{\"op\":\"remove\",\"path\":\"/spec/template/spec"
                            + Placement.AFFINITY
                            + "\"}]")))
        .toList();
  }
}
