"""Exercises of the part *applications*: one package a chapter, one file an exercise."""

# In the order of the course.
CHAPTERS = ("telemetry", "hospital", "routing_6g", "finance", "standards", "whole_way")
