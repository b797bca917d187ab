"""The graders of OpenAI's reinforcement fine-tuning (RFT): read, written, and run here.

`from_openai` makes a grader of their JSON, `to_openai` the JSON of a grader where it can be said in theirs, and
`graders_run` answers as their endpoint `graders.run` does.
"""
