"""Policies, collectors and learning algorithms. Installed as ``webarena_gym.agents``; import its modules by name.

``policy`` and ``rollout`` hold the interfaces, ``candidate_policy`` a small policy for two cores, ``algorithms`` the
learners, ``train`` the loop. What a policy may know is the observation text: nothing here imports tasks or evaluators.
"""
