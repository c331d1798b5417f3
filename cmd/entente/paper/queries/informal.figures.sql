select count(*) as partner_count from shown
