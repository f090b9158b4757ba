package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spiredoctor.kube.Pod;

class WorkloadTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @ParameterizedTest
  @CsvSource({
    "ReplicaSet, web-6d4cf56db6, true, 6d4cf56db6, Deployment, web",
    // A replica set that no Deployment made.
    "ReplicaSet, web-6d4cf56db6, true, '', ReplicaSet, web-6d4cf56db6",
    "ReplicaSet, web-6d4cf56db6, true, db6, ReplicaSet, web-6d4cf56db6",
    "StatefulSet, db, true, '', StatefulSet, db",
    "DaemonSet, log, true, 6d4cf56db6, DaemonSet, log",
    "Job, backup-29391840, true, '', CronJob, backup",
    "Job, backup-1763510400, true, '', CronJob, backup",
    "Job, migrate-2, true, '', Job, migrate-2",
    "Job, migrate-20261128, true, '', Job, migrate-20261128",
    "Job, migrate-2026112809, true, '', Job, migrate-2026112809",
    // It is only deleted before it.
    "Cluster, main, false, '', Pod, web-0"
  })
  void ofWhatMakesThePod(
      String ownerKind, String owner, boolean controller, String hash, String kind, String name)
      throws JsonProcessingException {
    String pod =
        """
        {"metadata":{"namespace":"apps","name":"web-0","labels":{"pod-template-hash":"%s"},
         "ownerReferences":[{"kind":"%s","name":"%s","uid":"1","controller":%s}]}}
        """
            .formatted(hash, ownerKind, owner, controller);
    assertThat(Workload.of(Pod.of(MAPPER.readTree(pod))))
        .isEqualTo(new Workload(kind, "apps", name));
  }

  @ParameterizedTest
  @CsvSource({"web-0"})
  void aPodThatNothingMakesIsOne(String name) throws JsonProcessingException {
    String pod = "{\"metadata\":{\"namespace\":\"apps\",\"name\":\"" + name + "\"}}";
    assertThat(Workload.of(Pod.of(MAPPER.readTree(pod))))
        .isEqualTo(new Workload("Pod", "apps", name));
  }
}
