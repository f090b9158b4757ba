/** What rules of several areas share. */
@NullMarked
package org.spiredoctor.diagnosis.rules;

import org.jspecify.annotations.NullMarked;
