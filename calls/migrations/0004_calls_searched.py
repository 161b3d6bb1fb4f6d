
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0003_interests_heard'),
        ('instruments', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='call',
            name='state_note',
            field=models.TextField(blank=True, help_text='Why it was withdrawn', verbose_name='note on the state'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(models.Func(django.db.models.functions.text.Lower(models.F('title_en')), models.Value('àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž'), models.Value('aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz'), function='translate', output_field=models.TextField()), config='english', weight='A'), '||', django.contrib.postgres.search.SearchVector(models.Func(django.db.models.functions.text.Lower(models.F('title_en')), models.Value('àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž'), models.Value('aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz'), function='translate', output_field=models.TextField()), config='simple', weight='A'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector(models.Func(django.db.models.functions.text.Lower(models.F('summary_en')), models.Value('àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž'), models.Value('aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz'), function='translate', output_field=models.TextField()), models.Func(django.db.models.functions.text.Lower(models.F('description_en')), models.Value('àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž'), models.Value('aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz'), function='translate', output_field=models.TextField()), config='english', weight='B'), django.contrib.postgres.search.SearchConfig('english')), name='call_search_en'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(models.Func(django.db.models.functions.text.Lower(django.db.models.functions.comparison.Coalesce(django.db.models.functions.comparison.NullIf(models.F('title_fr'), models.Value('')), models.F('title_en'))), models.Value('àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž'), models.Value('aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz'), function='translate', output_field=models.TextField()), config='french', weight='A'), '||', django.contrib.postgres.search.SearchVector(models.Func(django.db.models.functions.text.Lower(django.db.models.functions.comparison.Coalesce(django.db.models.functions.comparison.NullIf(models.F('title_fr'), models.Value('')), models.F('title_en'))), models.Value('àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž'), models.Value('aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz'), function='translate', output_field=models.TextField()), config='simple', weight='A'), django.contrib.postgres.search.SearchConfig('french')), '||', django.contrib.postgres.search.SearchVector(models.Func(django.db.models.functions.text.Lower(django.db.models.functions.comparison.Coalesce(django.db.models.functions.comparison.NullIf(models.F('summary_fr'), models.Value('')), models.F('summary_en'))), models.Value('àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž'), models.Value('aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz'), function='translate', output_field=models.TextField()), models.Func(django.db.models.functions.text.Lower(django.db.models.functions.comparison.Coalesce(django.db.models.functions.comparison.NullIf(models.F('description_fr'), models.Value('')), models.F('description_en'))), models.Value('àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž'), models.Value('aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz'), function='translate', output_field=models.TextField()), config='french', weight='B'), django.contrib.postgres.search.SearchConfig('french')), name='call_search_fr'),
        ),
    ]
