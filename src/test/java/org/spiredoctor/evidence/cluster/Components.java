package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.spiredoctor.kube.Pod;

/** Pods for tests of what is SPIRE. */
final class Components {
  private Components() {}

  /** A pod with one container, of this image, and a config map {@code conf}. */
  static Pod pod(String namespace, String name, String image, String... more) {
    return yaml(
        """
        {metadata: {name: %s, namespace: %s, uid: u},
         spec: {containers: [{name: main, image: "%s"%s}],
           volumes: [{name: c, configMap: {name: conf}}]},
         status: {phase: Running}}
        """
            .formatted(name, namespace, image, String.join("", more)));
  }

  private static Pod yaml(String text) {
    try {
      return Pod.of(new YAMLMapper().readTree(text));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
