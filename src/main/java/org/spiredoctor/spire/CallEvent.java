package org.spiredoctor.spire;

/** What happens to a call, in order: at most once connected, any number of answers, one ending. */
public sealed interface CallEvent {

  /** The other side has sent its HTTP/2 settings: something that speaks gRPC is alive there. */
  record Connected() implements CallEvent {}

  /** A message arrived; the stream stays open for the next. */
  record Answered(Answer answer) implements CallEvent {}

  /** The call is over. */
  record Ended(Ending ending) implements CallEvent {}
}
