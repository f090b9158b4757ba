package org.spiredoctor.evidence;

import java.time.Duration;
import java.util.Optional;
import org.spiredoctor.spire.Answer;
import org.spiredoctor.spire.Ending;
import org.spiredoctor.spire.Request;

/**
 * One call of the Workload API, or several on end that went the same way.
 *
 * @param request what was called
 * @param began when the first of them began, since the examination began
 * @param ended when the last of them ended, since the examination began
 * @param took how long the last of them took
 * @param times how many
 * @param connected whether the other side sent its HTTP/2 settings
 * @param answeredAfter how long the first answer took
 * @param answer the latest answer
 * @param ending how it ended; absent when we hung up after the answer
 */
public record Attempt(
    Request request,
    Duration began,
    Duration ended,
    Duration took,
    int times,
    boolean connected,
    Optional<Duration> answeredAfter,
    Optional<Answer> answer,
    Optional<Ending> ending) {

  /** This attempt and a later one as one, if they went the same way. */
  public Optional<Attempt> merge(Attempt later) {
    boolean same =
        request.equals(later.request)
            && connected == later.connected
            && answer.isEmpty()
            && later.answer.isEmpty()
            && ending.equals(later.ending);
    return same
        ? Optional.of(
            new Attempt(
                request,
                began,
                later.ended,
                later.took,
                times + later.times,
                connected,
                answeredAfter,
                answer,
                ending))
        : Optional.empty();
  }
}
