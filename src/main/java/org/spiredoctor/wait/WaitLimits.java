package org.spiredoctor.wait;

import java.time.Duration;

/**
 * How to wait.
 *
 * @param timeout when to give up
 * @param interval between two lines of progress
 * @param grace slept after the socket appeared, where nothing but the socket is waited for
 * @param keepWaiting whether to go on where waiting cannot help
 */
public record WaitLimits(
    Duration timeout, Duration interval, Duration grace, boolean keepWaiting) {}
