SELECT count(*) AS count
FROM votes v
WHERE v.run_id = %(run_id)s AND NOT v.retracted AND (%(guests)s OR v.merged OR v.guest_link IS NULL) AND v.position <= %(up_to)s
  AND (%(both_bad)s OR v.outcome <> 'both_bad')
  AND (%(step)s::integer IS NULL OR v.step_order = %(step)s)
